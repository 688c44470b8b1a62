-- What the Lua interpreter runs: calls, tables, sorting with a closure, text and floating point.
local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end

local function sort(n)
  local seed, items = 42, {}
  for i = 1, n do
    seed = (seed * 1103515245 + 12345) & 0x7fffffff
    items[i] = seed
  end
  table.sort(items, function(a, b) return a < b end)
  return items[n // 2]
end

local function words(n)
  local text = {}
  for i = 1, n do text[i] = "word" .. (i * 7919 % 1000) end
  local count, joined = {}, table.concat(text, " ")
  for word in joined:gmatch("%a+%d+") do count[word] = (count[word] or 0) + 1 end
  local sum = #joined:gsub("d(%d)", "%1d")
  for _, times in pairs(count) do sum = sum + times * times end
  return sum
end

local function queens(n)
  local columns, up, down, found = {}, {}, {}, 0
  local function place(row)
    if row > n then found = found + 1 return end
    for c = 1, n do
      if not columns[c] and not up[row + c] and not down[row - c + n] then
        columns[c], up[row + c], down[row - c + n] = true, true, true
        place(row + 1)
        columns[c], up[row + c], down[row - c + n] = false, false, false
      end
    end
  end
  place(1)
  return found
end

local function orbit(n)
  local x, y, vx, vy = 1.0, 0.0, 0.0, 1.0
  for _ = 1, n do
    local squared = x * x + y * y
    local cubed = squared * squared ^ 0.5
    vx, vy = vx - x / cubed * 0.001, vy - y / cubed * 0.001
    x, y = x + vx * 0.001, y + vy * 0.001
  end
  return math.floor(x * 1e6)
end

function run(size)
  return (fib(10 + size // 2) + sort(size * 200) * 3 + words(size * 200) * 5 + queens(4 + size // 8) * 7 + orbit(size * 2000)) & 0x7fffffff
end
