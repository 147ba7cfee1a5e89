#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Attachments on a record's page: which file field they are, and that they open.
. ./lib.sh
jar=$WORK/files.jar
sign_in worker "$jar" >/dev/null
get() { curl -s -b "$jar" "$BASE$1"; }
at=$(get /r/request | grep -oE '/r/request/[0-9]{10,}' | head -1)
has "a request to add to" '^/r/request/' "$at"
page=$(get "$at")
has "the form names the file field" '<select name=field' "$page"
has "with the field and something else" '<option value="?photo"?.*<option value=""' "$page"
printf 'not really a picture' >"$WORK/门口.jpg"
add() { curl -s -o /dev/null -w '%{http_code}' -b "$jar" -F "_csrf=$(field _csrf <<<"$page")" -F "file=@$WORK/门口.jpg" "$@" "$BASE$at/file"; }
check "as a photo" 303 "$(add -F field=photo)"
check "as something else" 303 "$(add -F field=)"
check "not as a field that is no file" 422 "$(add -F field=title)"
check "nor one that is not there" 422 "$(add -F field=nonsense)"
page=$(get "$at")
check "two came in" 2 "$(grep -oE '门口\.jpg</a>' <<<"$page" | wc -l)"
has "one under its field's label" '照片 <a href="?/file/[0-9]+/[0-9]+' "$page"
file=$(grep -oE '/file/[0-9]+/[0-9]+' <<<"$page" | head -1)
check "it opens" 'not really a picture' "$(get "$file")"
