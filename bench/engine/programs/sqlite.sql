-- What SQLite runs, statement by statement: tables and indices are filled, joined, grouped and thinned out. ?1 is the size.
drop table if exists entry;
drop table if exists account;
create table account (id integer primary key, name text not null unique, balance integer not null);
create table entry (id integer primary key, account integer not null, amount integer not null, note text);
create index by_account on entry (account);
begin;
insert into account
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ?1)
    select i, 'account-' || (i * 7919 % ?1) || '-' || i, 0 from n;
insert into entry
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ?1 * 10)
    select i, 1 + i * 7919 % ?1, i * 104729 % 2001 - 1000, 'note ' || i from n;
commit;
update account set balance = (select coalesce(sum(amount), 0) from entry where entry.account = account.id);
delete from entry where id % 7 = 3;
select (select sum(balance * balance) from account)
    + (select sum(length(note) * amount) from entry where note like '%9%')
    + (select count(*) from account join entry on entry.account = account.id where name like '%1%' and amount > 0)
    + (select sum(many * many) from (select count(*) as many from entry group by account order by many desc limit 50));
