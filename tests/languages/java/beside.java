import com.example.Helper;

class Main {
	public static void main(String[] args) {
		System.out.println(Helper.greet("world"));
	}
}
