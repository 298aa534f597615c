package main

import "os"

func main() {
	err := os.WriteFile("made.txt", []byte("written by the program\n"), 0644)
	if err != nil {
		panic(err)
	}
}
