-- Replaces a value that is still what it was, within the time it has left.
--
-- KEYS  1 the value
-- ARGV  1 what it was, "" for nothing; 2 what it becomes
-- Answers 1, or 0 when it is another by now, or gone

if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
return 1
