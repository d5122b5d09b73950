-- Writes documents of a station, adds events to its log and queues notices, if each
-- document that is written or held still has the revision that the caller saw.
--
-- KEYS  1 outbox     2 outbox data     3 changed     4 log
--       then of each document that is written: documents of its kind, their index
--       then of each document that is held: documents of its kind
-- ARGV  1 how many are written     2 how many are held     3 how many events
--       4 entries of changed to keep, about
--       then of each that is written: id, revision the caller saw, 0 for none, new
--         value, "" deletes it, position in the index, 0 for none, name in changed
--       then of each that is held: id, revision the caller saw, 0 for none
--       then each event
--       then id, due ms and text of each notice
-- Answers
--    1  done
--    0  one has another revision; nothing was done

-- A value without a revision is damaged and fits none.
local function fits(key, id, revision)
  local value = redis.call('HGET', key, id)
  return revision == (value and (string.match(value, '^(%d+)\t') or '') or '0')
end

local writes, holds, events = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
for i = 0, writes - 1 do
  if not fits(KEYS[5 + 2 * i], ARGV[5 + 5 * i], ARGV[6 + 5 * i]) then
    return 0
  end
end
local arg = 5 + 5 * writes
for i = 0, holds - 1 do
  if not fits(KEYS[5 + 2 * writes + i], ARGV[arg + 2 * i], ARGV[arg + 1 + 2 * i]) then
    return 0
  end
end

for i = 0, writes - 1 do
  local key, index, at = KEYS[5 + 2 * i], KEYS[6 + 2 * i], 5 + 5 * i
  local id, value, position = ARGV[at], ARGV[at + 2], ARGV[at + 3]
  if value == '' then
    redis.call('HDEL', key, id)
  else
    redis.call('HSET', key, id, value)
  end
  if value == '' or position == '0' then
    redis.call('ZREM', index, id)
  else
    redis.call('ZADD', index, position, id)
  end
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[4], '*', 'd', ARGV[at + 4])
end
arg = arg + 2 * holds
for i = arg, arg + events - 1 do
  redis.call('XADD', KEYS[4], '*', 'e', ARGV[i])
end
for i = arg + events, #ARGV, 3 do
  redis.call('ZADD', KEYS[1], ARGV[i + 1], ARGV[i])
  redis.call('HSET', KEYS[2], ARGV[i], '0\n' .. ARGV[i + 2])
end
return 1
