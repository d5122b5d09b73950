-- Takes one consent of a person for a purpose.
--
-- KEYS  1 consents of the person
-- ARGV  1 purpose
-- Answers
--    1  there was one, and it is taken; or nothing is known
--    0  there is none

local left = redis.call('HGET', KEYS[1], ARGV[1])
if not left then
  return 1
end
if tonumber(left) <= 0 then
  return 0
end
redis.call('HINCRBY', KEYS[1], ARGV[1], -1)
return 1
