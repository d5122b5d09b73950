-- Raises a number; it never lowers it or leaves it equal.
--
-- KEYS  1 the number
-- ARGV  1 the number it becomes
-- Answers 1, or 0 when it is not later than what is there

local was = tonumber(redis.call('GET', KEYS[1]) or '')
if was and tonumber(ARGV[1]) <= was then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1])
return 1
