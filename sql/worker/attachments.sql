-- Contents of attachments in the store: finished uploads, and sweeps of what no attachment needs.

-- Completes an upload, once the API has seen every byte. The row of the blob stays locked until the content is in its
-- place, so that no sweep removes it.
create function worker.finish_upload(
  p_id bigint, p_sha256 bytea, p_size bigint, p_type text, p_width integer, p_height integer, p_thumbnail boolean)
  returns void
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if not api._type_allowed(p_type) then
    perform api._refuse('The file cannot be taken', array[format('type: it is %s, which is not taken here', p_type)]);
  end if;
  insert into app.blobs (sha256, size, stored_at) values (p_sha256, p_size, autocrm.now())
  on conflict (sha256) do update set stored_at = excluded.stored_at;
  update app.attachments
     set sha256 = p_sha256, size = p_size, media_type = p_type, width = p_width, height = p_height, thumbnail = p_thumbnail
   where id = p_id and sha256 is null;
  if not found then
    perform api._not_found('upload', p_id);
  end if;
end
$$;

-- Deletes uploads that were not attached within a day; those in a draft are kept with it.
create function worker.sweep_uploads()
  returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_swept bigint;
begin
  delete from app.attachments a
   where a.message_id is null and a.created_at < autocrm.now() - interval '1 day'
     and not exists (select from app.drafts d where d.author_id = a.uploader_id and a.id = any (d.attachment_ids));
  get diagnostics v_swept = row_count;
  return v_swept;
end
$$;

-- Deletes the rows of contents that no attachment refers to, here or in the archive; the caller removes the contents and commits. An upload of
-- the same content waits for that, then stores it again. Contents that the store failed to remove are set aside.
create function worker.sweep_blobs(p_most integer default 100)
  returns text[]
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
  with unused as (
    select b.sha256 from app.blobs b
     where b.stored_at < autocrm.now() - interval '1 minute'
       and not exists (select from app.attachments a where a.sha256 = b.sha256)
       and not exists (select from app.archived_files f where f.sha256 = b.sha256)
       and not exists (
         select from app.set_aside s where s.worker = 'files' and s.item = encode(b.sha256, 'hex') and s.retry_at > autocrm.now())
     limit p_most
       for update skip locked
  ), gone as (
    delete from app.blobs b using unused u where b.sha256 = u.sha256 returning b.sha256
  )
  select coalesce(array_agg(encode(sha256, 'hex')), '{}') from gone
$$;

-- Of contents found in the store, those without a row.
create function worker.find_orphans(p_sha256 text[])
  returns text[]
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(array_agg(x), '{}') from unnest(p_sha256) x
   where x ~ '^[0-9a-f]{64}$' and not exists (select from app.blobs b where b.sha256 = decode(x, 'hex'))
$$;

-- Whether there is still no row; then its key is locked to the end of the transaction, which the caller rolls back once
-- the content is removed. An upload of the same content waits for that.
create function worker.lock_orphan(p_sha256 text)
  returns boolean
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  insert into app.blobs (sha256, size) values (decode(p_sha256, 'hex'), 0) on conflict do nothing;
  return found;
end
$$;
