#include <string>

inline std::string greet(const std::string &who)
{
	return "hello from beside, " + who;
}
