-- Opens a window of a person's chat in which some messages may be sent.
--
-- KEYS  1 the person's windows
-- ARGV  1 window ("wrote", "entered")    2 its end, ms    3 messages
--       4 seconds to keep what is known        5 what opens it
-- Answers
--    1  opened
--    0  it was opened by this or something later before; nothing was done

local c = redis.call('HMGET', KEYS[1], ARGV[1], ARGV[1] .. ':by')
if tonumber(c[1] or 0) > tonumber(ARGV[2]) or c[2] == ARGV[5] then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2], ARGV[1] .. ':n', ARGV[3], ARGV[1] .. ':by', ARGV[5])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
