create schema door_{agency};
