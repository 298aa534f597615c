greet() {
	echo "hello from beside, $1"
}
