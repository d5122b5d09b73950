-- Deletes a key if it still holds what the caller put there.
--
-- KEYS  1 the key
-- ARGV  1 the value
-- Answers 1 when deleted, else 0

if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
