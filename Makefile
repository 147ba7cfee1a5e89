# SPDX-License-Identifier: Apache-2.0
# The only build file. make run | test | build | lint | bench | fuzz | install | clean
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

FLOORS  := base store model engine format web main
CC      ?= gcc
ifeq ($(origin CC),default)
CC      := gcc
endif
B       ?= build
SAN     ?=
OPT     ?= -O2

PKGS    := libmicrohttpd yaml-0.1 libsodium libzip libxml-2.0 xlsxwriter pangocairo \
           icu-uc icu-i18n opencc libpq jansson zlib
PKGCFL  := $(shell command -v pkg-config >/dev/null && pkg-config --silence-errors --cflags $(filter-out xlsxwriter,$(PKGS)))
PKGLIBS  = $(shell pkg-config --libs $(filter-out xlsxwriter,$(PKGS))) \
           -lxlsxwriter -lm -lpthread -ldl
SQLITE  := node_modules/better-sqlite3/deps/sqlite3
WARN    := -std=c11 -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wvla -Werror
CFLAGS_ALL = $(OPT) -g -D_GNU_SOURCE $(WARN) -Isrc -I$(SQLITE) $(PKGCFL) -MMD -MP -fno-omit-frame-pointer \
           -fstack-protector-strong $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all,-D_FORTIFY_SOURCE=2) $(CFLAGS)
LDFLAGS_ALL = $(if $(SAN),-fsanitize=$(SAN)) $(LDFLAGS)

# A floor is flat or has rooms one folder deeper; headers always stand on the floor itself.
SRC     := $(foreach f,$(FLOORS),$(wildcard src/$(f)/*.c src/$(f)/*/*.c))
obj      = $(patsubst src/%.c,$(B)/obj/%.o,$(wildcard src/$(1)/*.c src/$(1)/*/*.c))
LIBS_MAIN := $(foreach f,main web format engine model store base,$(B)/lib/lib$(f).a)
# What the unit tests of a floor may link: itself and what lies beneath it.
below_base   := base
below_store  := store base
below_model  := model store base
below_engine := engine model store base
below_format := format engine model store base
below_web    := web format engine model store base
below_main   := main web format engine model store base

.PHONY: all build run test lint bench fuzz clean install unit deps demo
all: build
build: $(B)/linli

run: ; @tools/run.sh
test: ; @tools/test.sh
lint: ; @tools/lint.sh
bench: ; @bench/run.sh
fuzz: ; @tools/fuzz.sh
clean: ; rm -rf build

# --- the program
$(B)/linli: $(LIBS_MAIN) $(B)/obj/sqlite3.o $(B)/obj/embed.o
	@echo "  LINK $@"
	@$(CC) $(LDFLAGS_ALL) -o $@ -Wl,--whole-archive $(B)/lib/libmain.a -Wl,--no-whole-archive \
	  -Wl,--start-group $(LIBS_MAIN) -Wl,--end-group $(B)/obj/sqlite3.o $(B)/obj/embed.o $(PKGLIBS)

define floor_rule
$(B)/lib/lib$(1).a: $(call obj,$(1))
	@mkdir -p $$(@D); rm -f $$@; ar rcs $$@ $$^
endef
$(foreach f,$(FLOORS),$(eval $(call floor_rule,$(f))))

$(B)/obj/%.o: src/%.c | $(SQLITE)/sqlite3.c
	@mkdir -p $(@D); echo "  CC   $<"
	@$(CC) $(CFLAGS_ALL) -c -o $@ $<

# --- SQLite, from the pinned amalgamation (design §4); quiet about its own warnings
SQLITE_OPTS := -DSQLITE_THREADSAFE=2 -DSQLITE_ENABLE_FTS5 -DSQLITE_DQS=0 -DSQLITE_DEFAULT_MEMSTATUS=0 \
  -DSQLITE_MAX_EXPR_DEPTH=200 -DSQLITE_OMIT_DEPRECATED -DSQLITE_OMIT_SHARED_CACHE -DSQLITE_USE_ALLOCA \
  -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_LIKE_DOESNT_MATCH_BLOBS -DSQLITE_SECURE_DELETE -DSQLITE_ENABLE_COLUMN_METADATA \
  -DSQLITE_STMTJRNL_SPILL=-1
$(B)/obj/sqlite3.o: $(SQLITE)/sqlite3.c
	@mkdir -p $(@D); echo "  CC   sqlite3.c"
	@$(CC) -O2 -g -w $(SQLITE_OPTS) -I$(SQLITE) -c -o $@ $<
$(SQLITE)/sqlite3.c:
	@tools/deps.sh build

# --- files built into the program
EMBED := $(shell find modules assets lang -type f 2>/dev/null | LC_ALL=C sort)
VENDOR := node_modules/htmx.org/dist/htmx.min.js
$(B)/embed.c: tools/embed.sh $(EMBED) $(SQLITE)/sqlite3.c
	@mkdir -p $(@D); tools/embed.sh > $@
$(B)/obj/embed.o: $(B)/embed.c
	@mkdir -p $(@D); echo "  CC   embed.c"; $(CC) -O0 -Isrc -c -o $@ $<

# --- unit tests: test/unit/FLOOR/NAME.c → build/test/FLOOR/NAME, linking only FLOOR and beneath
UNIT := $(wildcard test/unit/*/*.c)
unit: $(patsubst test/unit/%.c,$(B)/test/%,$(UNIT))
define unit_rule
$(B)/test/$(1)/%: test/unit/$(1)/%.c $(foreach f,$(below_$(1)),$(B)/lib/lib$(f).a) $(B)/obj/sqlite3.o $(B)/obj/embed.o
	@mkdir -p $$(@D); echo "  TEST $$@"
	@$$(CC) $$(CFLAGS_ALL) $$(LDFLAGS_ALL) -Wno-missing-prototypes -MF $$@.d -o $$@ $$< -Wl,--start-group $(foreach f,$(below_$(1)),$(B)/lib/lib$(f).a) -Wl,--end-group \
	  $(B)/obj/sqlite3.o $(B)/obj/embed.o $$(PKGLIBS) -lcmocka
endef
$(foreach f,$(FLOORS),$(eval $(call unit_rule,$(f))))

-include $(SRC:src/%.c=$(B)/obj/%.d) $(wildcard $(B)/test/*/*.d)
