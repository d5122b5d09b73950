-- Spends one consent of a person for a purpose, if there is one.
--
-- KEYS  1 consents of the person
-- ARGV  1 purpose
-- Answers
--    1  one is taken
--    0  there is none, or nothing is known

local left = redis.call('HGET', KEYS[1], ARGV[1])
if not left or tonumber(left) <= 0 then
  return 0
end
redis.call('HINCRBY', KEYS[1], ARGV[1], -1)
return 1
