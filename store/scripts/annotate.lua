-- Replaces what is kept beside a submission, if it still has the revision that the caller saw, and queues the
-- notices.
--
-- KEYS  1 annotations     2 outbox     3 outbox data     4 changed
-- ARGV  1 local id        2 revision the caller saw, 0 for none; * replaces whatever there is, also what cannot be read
--       3 new text        4 entries of changed to keep, about
--       then id, due ms and text of each notice
-- Answers
--    1  done
--    0  the revision is another, or there is nothing to replace; nothing was done

local now = redis.call('HGET', KEYS[1], ARGV[1]) or ''
local revision = string.match(now, '^(%d+)\t') or '0'
if ARGV[2] == '*' and now == '' or ARGV[2] ~= '*' and ARGV[2] ~= revision then
  return 0
end

redis.call('HSET', KEYS[1], ARGV[1], string.format('%d\t%s', revision + 1, ARGV[3]))
for i = 5, #ARGV, 3 do
  redis.call('ZADD', KEYS[2], ARGV[i + 1], ARGV[i])
  redis.call('HSET', KEYS[3], ARGV[i], '0\n' .. ARGV[i + 2])
end
redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[4], '*', 's', ARGV[1])
return 1
