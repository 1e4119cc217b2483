#!lua
-- A script that begins so is refused as a whole when Redis is full (maxmemory). From others Redis takes only the first write, and what comes after
-- one that needs no memory, as GETEX and DEL do, it lets pass: logs would grow for ever.
