-- Takes one unit of a rate whose units are refilled evenly over a span (GCRA: the
-- stored number is the time at which all units are back), or gives an unused one
-- back.
--
-- KEYS  1 the bucket
-- ARGV  1 now, ms   2 how many   3 span, ms   4 "back" to give one back
-- Answers
--    0  one is taken, or given back
--    n  none is left; there is one in n ms, and nothing was taken

local now, size, span = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local each = span / size
local back = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0))
if ARGV[4] == 'back' then
  if back - each <= now then
    redis.call('DEL', KEYS[1])
  else
    redis.call('SET', KEYS[1], string.format('%d', back - each), 'PX', string.format('%d', math.ceil(back - each - now)))
  end
  return 0
end
local early = back + each - span - now
if early > 0 then
  return math.ceil(early)
end
redis.call('SET', KEYS[1], string.format('%d', back + each), 'PX', string.format('%d', math.ceil(back + each - now)))
return 0
