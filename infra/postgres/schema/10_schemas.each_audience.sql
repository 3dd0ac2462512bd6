create schema view_{audience};
