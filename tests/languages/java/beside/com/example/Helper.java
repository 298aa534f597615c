package com.example;

public class Helper {
	public static String greet(String who) {
		return "hello from beside, " + who;
	}
}
