-- Which of {agency}'s statements name a child that is known again: marks for `matching`, whose key the doors alone have.
-- Every statement that names a child asks it while others are written: what is new must not lie in a list beside it.
create index likeness_matching_idx on door_{agency}.likeness using gin (marks) with (fastupdate = off)
where recipient = 'matching';
