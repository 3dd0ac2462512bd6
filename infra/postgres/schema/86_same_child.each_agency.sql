-- Which of {agency}'s statements name a child that is known again: marks for `matching`, whose key the doors alone have.
create index likeness_matching_idx on door_{agency}.likeness using gin (marks) where recipient = 'matching';
