-- SPDX-License-Identifier: Apache-2.0
-- create.lua: for wrk: one new visit a request, each with its own idempotency key.
local n, run = 0, os.time() .. "-" .. tostring({}):sub(8)
local head = {["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN")}
local body = [[{"unit":"BQ","visitor":"江小舟","grid":"%s","visited_on":"%s","host":"王秀英","address":"桥头小区%d栋%d单元%d室",]]
          .. [["way":"home","purpose":"opinion","issue":"楼道堆放杂物，希望尽快清理","handling":"community"}]]
local day = os.date("%Y-%m-%d")

request = function()
  n = n + 1
  head["Idempotency-Key"] = run .. "-" .. n
  return wrk.format("POST", "/api/v1/visit", head,
    string.format(body, "第" .. ({"一", "二", "三", "四"})[n % 4 + 1] .. "网格", day, n % 50 + 1, n % 3 + 1, n % 20 + 101))
end
