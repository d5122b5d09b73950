-- Stores a photo's state. The platform's answer never replaces a liaison's
-- decision.
--
-- KEYS  1 what is known of the photo
-- ARGV  1 the new state     2 "1" for a liaison's word
-- Answers
--    1  written
--    0  a liaison has decided, or it says so already; nothing was done

local before = redis.call('GET', KEYS[1])
if before == ARGV[1] then
  return 0
end
if ARGV[2] ~= '1' and (before == 'shown' or before == 'hidden') then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1])
return 1
