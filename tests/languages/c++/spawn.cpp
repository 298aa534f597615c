#include <atomic>
#include <cstdlib>
#include <iostream>
#include <thread>
#include <vector>

int main()
{
	std::atomic<int> sum{0};
	std::vector<std::thread> threads;

	for (int i = 0; i < 4; i++)
		threads.emplace_back([&sum, i] { sum += i; });
	for (auto &t : threads)
		t.join();
	std::cout << sum << " " << std::flush;
	return std::system("echo child");
}
