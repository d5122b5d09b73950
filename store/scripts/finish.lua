-- Removes a notice from the outbox and stores its outcome, once.
--
-- KEYS  1 outbox            2 outbox data             3 dead
--       4 told              5 counts of outcomes      6 list of the untold
--       7 list data         8 changed               9 index of the list by id
-- ARGV  1 entry's id        2 outcome                 3 "1" to keep it as dead
--       4 most lines of told, about
--       5 submission's local id, or a document's name, "" for none
--       6 entries of changed to keep, about
--       7 how many ids leave the list of the untold, then these
--       then names and values of the line
-- Answers
--    1  done
--    0  it was finished before; nothing was done

local entry = redis.call('HGET', KEYS[2], ARGV[1])
if not entry then
  return 0
end
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[1], ARGV[1])
if ARGV[3] == '1' then
  redis.call('HSET', KEYS[3], ARGV[1], entry)
end
local last = 7 + tonumber(ARGV[7])
if last > 7 then
  redis.call('ZREM', KEYS[6], unpack(ARGV, 8, last))
  redis.call('HDEL', KEYS[7], unpack(ARGV, 8, last))
  redis.call('ZREM', KEYS[9], unpack(ARGV, 8, last))
end
redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[4], '*', unpack(ARGV, last + 1))
redis.call('HINCRBY', KEYS[5], ARGV[2], 1)
if ARGV[5] ~= '' then
  redis.call('XADD', KEYS[8], 'MAXLEN', '~', ARGV[6], '*', string.find(ARGV[5], '/', 1, true) and 'd' or 's', ARGV[5])
end
return 1
