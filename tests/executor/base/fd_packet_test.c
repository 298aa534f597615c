/* SPDX-License-Identifier: Apache-2.0 */
/* Packets with descriptors: whole or not at all, and none left open. */
#include "executor/base/fd.h"

#include "tests/tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static void carries_bytes_and_descriptors(void)
{
	int ends[2], pipe_ends[2], got[FD_PACKET_FDS];
	char back[64] = "";
	struct err err;
	unsigned nfds = 99;

	REQUIRE(fd_socketpair(ends, &err) == 0);
	REQUIRE(fd_pipe(pipe_ends, &err) == 0);
	CHECK_INT(fd_send(ends[0], "hello", 5, pipe_ends, 2, &err), 0);
	CHECK_INT(fd_send(ends[0], "bye", 3, NULL, 0, &err), 0);
	CHECK_INT(fd_recv(ends[1], back, sizeof(back), got, &nfds, &err), 5);
	CHECK_STR(back, "hello");
	REQUIRE(nfds == 2);
	CHECK(fcntl(got[0], F_GETFD) & FD_CLOEXEC);
	/* the same pipe, by other numbers */
	CHECK_INT(write(got[1], "x", 1), 1);
	CHECK_INT(read(pipe_ends[0], back, 1), 1);
	CHECK_INT(fd_recv(ends[1], back, sizeof(back), got, &nfds, &err), 3);
	CHECK_INT(nfds, 0);
	close(ends[0]);
	CHECK_INT(fd_recv(ends[1], back, sizeof(back), got, &nfds, &err), 0);
}

static void full_and_empty_sockets_are_busy(void)
{
	int ends[2], got[FD_PACKET_FDS], rc = 0;
	static char packet[FD_PACKET_MAX];
	struct err err;
	unsigned nfds;

	REQUIRE(fd_socketpair(ends, &err) == 0);
	fd_set_nonblock(ends[0], true, &err);
	fd_set_nonblock(ends[1], true, &err);
	CHECK_INT(fd_recv(ends[1], packet, sizeof(packet), got, &nfds, &err),
		  -ERR_BUSY);
	for (int i = 0; i < 100000 && rc == 0; i++)
		rc = fd_send(ends[0], packet, sizeof(packet), NULL, 0, &err);
	CHECK_INT(rc, -ERR_BUSY);
}

static void a_dead_peer_is_an_error_not_a_signal(void)
{
	struct err err;
	int ends[2];

	REQUIRE(fd_socketpair(ends, &err) == 0);
	close(ends[1]);
	CHECK_INT(fd_send(ends[0], "x", 1, NULL, 0, &err), -ERR_SYSTEM);
}

static void refuses_what_is_no_packet(void)
{
	static char large[FD_PACKET_MAX + 1];
	int ends[2], fds[FD_PACKET_FDS + 1] = { 0 };
	struct err err;

	REQUIRE(fd_socketpair(ends, &err) == 0);
	CHECK_INT(fd_send(ends[0], "", 0, NULL, 0, &err), -ERR_INVALID);
	CHECK_INT(fd_send(ends[0], large, sizeof(large), NULL, 0, &err),
		  -ERR_INVALID);
	CHECK_INT(fd_send(ends[0], "x", 1, fds, FD_PACKET_FDS + 1, &err),
		  -ERR_INVALID);
}

/* A packet cut in its bytes must not leak its descriptors. */
static void cut_bytes_close_the_descriptors(void)
{
	int ends[2], got[FD_PACKET_FDS], fds[FD_PACKET_FDS], before;
	struct err err;
	char small[4];
	unsigned nfds = 99;

	REQUIRE(fd_socketpair(ends, &err) == 0);
	for (int i = 0; i < FD_PACKET_FDS; i++)
		fds[i] = ends[0];
	CHECK_INT(fd_send(ends[0], "12345", 5, fds, FD_PACKET_FDS, &err), 0);
	before = open_descriptors();
	CHECK_INT(fd_recv(ends[1], small, sizeof(small), got, &nfds, &err),
		  -ERR_INVALID);
	CHECK_INT(nfds, 99);
	CHECK_INT(open_descriptors(), before);
}

/* A peer that is not ours may send more descriptors than fd_send() lets. */
static void too_many_descriptors_are_closed(void)
{
	enum { MANY = 40 };
	char control[CMSG_SPACE(MANY * sizeof(int))]
		__attribute__((aligned(16))) = { 0 };
	struct iovec part = { .iov_base = (char *)"x", .iov_len = 1 };
	struct msghdr msg = { .msg_iov = &part,
			      .msg_iovlen = 1,
			      .msg_control = control,
			      .msg_controllen = sizeof(control) };
	struct cmsghdr *head = CMSG_FIRSTHDR(&msg);
	int ends[2], got[FD_PACKET_FDS], fds[MANY], before;
	struct err err;
	unsigned nfds;
	char c;

	REQUIRE(fd_socketpair(ends, &err) == 0);
	for (int i = 0; i < MANY; i++)
		fds[i] = ends[0];
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(fds));
	memcpy(CMSG_DATA(head), fds, sizeof(fds));
	REQUIRE(sendmsg(ends[0], &msg, 0) == 1);
	before = open_descriptors();
	CHECK_INT(fd_recv(ends[1], &c, 1, got, &nfds, &err), -ERR_INVALID);
	CHECK_INT(open_descriptors(), before);
}

/* A process that says why it ends does not first read what came meanwhile. */
static void last_words_of_a_peer_arrive(void)
{
	int ends[2], got[FD_PACKET_FDS];
	struct err err = { 0 };
	unsigned nfds;
	char c = 0;

	REQUIRE(fd_socketpair(ends, &err) == 0);
	REQUIRE(fd_send(ends[0], "?", 1, NULL, 0, &err) == 0);
	REQUIRE(fd_send(ends[1], "!", 1, NULL, 0, &err) == 0);
	fd_close(&ends[1]);
	CHECK_INT(fd_recv(ends[0], &c, 1, got, &nfds, &err), 1);
	CHECK_INT(c, '!');
	CHECK_INT(fd_recv(ends[0], &c, 1, got, &nfds, &err), 0);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(carries_bytes_and_descriptors),
		TEST(full_and_empty_sockets_are_busy),
		TEST(a_dead_peer_is_an_error_not_a_signal),
		TEST(last_words_of_a_peer_arrive),
		TEST(refuses_what_is_no_packet),
		TEST(cut_bytes_close_the_descriptors),
		TEST(too_many_descriptors_are_closed),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
