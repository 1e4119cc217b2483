#!lua
-- Redis asks before a script that begins so whether it has room (maxmemory), and refuses it as a whole when it is full. In any other it asks at the
-- first write only, and ours begin with one that needs no room (PEXPIRE, DEL): logs would grow for ever.
