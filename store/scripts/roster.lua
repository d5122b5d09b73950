-- Replaces a station's roster if it still has the version the caller saw.
--
-- KEYS  1 roster            2 version
-- ARGV  1 version the caller saw, 0 for none
--       2 new version       3 roster
-- Answers
--    1  done
--    0  the version is another; nothing was done

if (redis.call('GET', KEYS[2]) or '0') ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[3])
redis.call('SET', KEYS[2], ARGV[2])
return 1
