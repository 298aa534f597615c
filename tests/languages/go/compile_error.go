package main

func main() {
	nothing_of_that_name()
}
