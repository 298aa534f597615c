#define GREETING "hello from beside, "
