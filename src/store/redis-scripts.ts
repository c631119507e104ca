// What must happen in Redis in one step: compare-and-set of a ledger (libraries.md §6). Keys of one scope share a hash tag.
// A scope's head names its generation; rows, keys and revisions of a generation lie in three keys of their own.

/**
 * KEYS: head, rows, keys, revisions. ARGV: expected revision ('' = none), generation ('' = stays), birth, revision,
 * cursor ('' = none), now, time to live in ms, keep birth (1/0), then the rows as JSON, one each.
 * Answers 1, or 0 when somebody else was first.
 */
export const commitScript = `
  local head = KEYS[1]
  local known = redis.call('HGET', head, 'revision')
  if (known or '') ~= ARGV[1] then return 0 end
  if ARGV[2] ~= '' then redis.call('HSET', head, 'generation', ARGV[2]) end
  local birth = ARGV[3]
  if ARGV[8] == '1' then
    local old = redis.call('HGET', head, 'birth')
    if old and tonumber(old) > tonumber(birth) then birth = old end
  end
  redis.call('HSET', head, 'birth', birth, 'revision', ARGV[4], 'used', ARGV[6])
  if ARGV[5] == '' then redis.call('HDEL', head, 'cursor') else redis.call('HSET', head, 'cursor', ARGV[5]) end
  for i = 9, #ARGV do
    local row = cjson.decode(ARGV[i])
    local before = redis.call('HGET', KEYS[2], row.href)
    if before then
      for _, key in ipairs(cjson.decode(before).keys) do
        local hrefs = redis.call('HGET', KEYS[3], key)
        if hrefs then
          local left = {}
          for _, href in ipairs(cjson.decode(hrefs)) do if href ~= row.href then left[#left + 1] = href end end
          if #left == 0 then redis.call('HDEL', KEYS[3], key)
          else redis.call('HSET', KEYS[3], key, cjson.encode(left)) end
        end
      end
    end
    for _, key in ipairs(row.keys) do
      local hrefs = redis.call('HGET', KEYS[3], key)
      local all = hrefs and cjson.decode(hrefs) or {}
      all[#all + 1] = row.href
      redis.call('HSET', KEYS[3], key, cjson.encode(all))
    end
    redis.call('HSET', KEYS[2], row.href, ARGV[i])
    redis.call('ZADD', KEYS[4], row.revision, row.href)
  end
  for i = 1, 4 do redis.call('PEXPIRE', KEYS[i], ARGV[7]) end
  return 1
`;

/** KEYS: head, rows, keys, revisions. ARGV: highest revision to forget. Answers how many tombstones went. */
export const forgetScript = `
  local forgotten = 0
  local birth = tonumber(redis.call('HGET', KEYS[1], 'birth') or '0')
  for _, href in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', ARGV[1])) do
    local text = redis.call('HGET', KEYS[2], href)
    local row = text and cjson.decode(text)
    if row and row.gone then
      redis.call('HDEL', KEYS[2], href)
      redis.call('ZREM', KEYS[4], href)
      if row.revision > birth then birth = row.revision end
      forgotten = forgotten + 1
    end
  end
  if forgotten > 0 then redis.call('HSET', KEYS[1], 'birth', birth) end
  return forgotten
`;
