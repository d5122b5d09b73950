-- Replaces a value that is still what it was.
--
-- KEYS  1 the value
-- ARGV  1 what it was, "" for nothing; 2 what it becomes; 3 how long it lives from now on, ms, 0 or absent for the
--       time it has left
-- Answers 1, or 0 when it is another by now, or gone

if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then
  return 0
end
if tonumber(ARGV[3] or 0) > 0 then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
else
  redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
end
return 1
