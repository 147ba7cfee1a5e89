# SPDX-License-Identifier: Apache-2.0
"""Taking a record off and putting it back, as pages do it: with the version that was seen."""
import re

from lib import Browser, check, finish

worker, clerk = Browser("worker"), Browser("clerk")
page = worker.get("/r/dispute")[1]
path = re.search(r'href="(/r/dispute/\d+)"', page).group(1)


def version():
    return int(re.search(r'name="_version" value="(\d+)"', worker.get(path)[1]).group(1))


v = version()
check("a form without the version", 422, worker.post(path + "/withdraw", {"reason": "重复登记"})[0])
check("without a reason", 422, worker.post(path + "/withdraw", {"_version": v})[0])
check("of another version", 409, worker.post(path + "/withdraw", {"_version": v + 1, "reason": "重复登记"})[0])
check("by who may not write", 403, clerk.post(path + "/withdraw", {"_version": v, "reason": "重复登记"})[0])
check("what stands cannot be put back", 409, worker.post(path + "/restore", {"_version": v})[0])
check("taken off", 303, worker.post(path + "/withdraw", {"_version": v, "reason": "重复登记"})[0])
check("its page offers to put it back", True, path + "/restore" in worker.get(path)[1])
check("not to who may not write", False, path + "/restore" in clerk.get(path)[1])
check("nor to take it off again", False, path + "/withdraw" in worker.get(path)[1])
v = version()
check("put back by who may not write", 403, clerk.post(path + "/restore", {"_version": v})[0])
check("with an old version", 409, worker.post(path + "/restore", {"_version": v - 1})[0])
check("put back", 303, worker.post(path + "/restore", {"_version": v})[0])
check("it can be changed again", True, path + "/edit" in worker.get(path)[1])
finish()
