/* A public class in a package, in a file of another name. */
package com.example.hello;

public class Greeting {
	record Who(String name) {}

	public static void main(String[] args) {
		System.out.println("hello, " + new Who("world").name());
	}
}
