-- How many requests a minute a key may send; NULL is the usual limit.
alter table app.api_keys add column rate_limit integer check (rate_limit between 1 and 999999);
