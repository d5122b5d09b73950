-- Gives out calls of the platform in batches, so that all processes together stay
-- within the limits of a minute and of a day.
--
-- KEYS  1 the endpoint's counts
-- ARGV  1 now, ms             2 end of the day, ms
--       3 how many at most    4 of the day's, how many go back first
--       5 number a minute     6 number a day; 0 is no limit
-- Answers
--    { n, today, 0 }      n calls are given; today is the day's sum so far
--    { 0, today, until }  none before that time, ms: stopped, or none left

local now, day, perMinute, perDay = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[5]), tonumber(ARGV[6])
local minute = (math.floor(now / 60000) + 1) * 60000
local c = redis.call('HMGET', KEYS[1], 'minute', 'used', 'day', 'today', 'stop')
local used, today = 0, 0
-- A process whose clock is slow counts in the others' minute and day.
if tonumber(c[1] or 0) >= minute then
  minute, used = tonumber(c[1]), tonumber(c[2])
end
if tonumber(c[3] or 0) >= day then
  day, today = tonumber(c[3]), math.max(0, tonumber(c[4]) - tonumber(ARGV[4]))
end

local got, til = 0, tonumber(c[5] or 0)
if til <= now then
  local left = tonumber(ARGV[3]) * 8
  til = 0
  if perMinute > 0 and perMinute - used < left then
    left, til = perMinute - used, minute
  end
  if perDay > 0 and perDay - today < left then
    left, til = perDay - today, day
  end
  -- Near the limit batches shrink, so that one process does not hold the
  -- rest.
  got = math.max(0, math.min(left, math.max(1, math.floor(left / 8))))
end
if got > 0 then
  til = 0
end
redis.call('HSET', KEYS[1], 'minute', string.format('%d', minute), 'used', string.format('%d', used + got),
  'day', string.format('%d', day), 'today', string.format('%d', today + got))
redis.call('EXPIRE', KEYS[1], 172800)
return { got, today + got, til }
