function fail() {
	throw new RangeError("boo");
}
console.log("before");
fail();
