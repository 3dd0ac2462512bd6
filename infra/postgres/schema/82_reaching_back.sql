-- The number of the agreement's version up to which every clause that reaches back has been folded into the views.
alter table projector.watermark add column reached_back integer not null default 0;
