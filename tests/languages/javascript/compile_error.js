console.log("before");
function broken( {
