interface Thing { name: string }
function fail(t: Thing): never {
	throw new RangeError(t.name);
}
console.log("before");
fail({ name: "boo" });
