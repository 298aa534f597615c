print("before")
local function broken(
