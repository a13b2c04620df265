// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/docker.h"

enum { PATH_SIZE = 512 };

#define PROXY "/usr/bin/docker-proxy\0"
/* The bytes of a command line: the literal's own terminator is the last one. */
#define LINE(s) s, sizeof(s)

static void write_config(const char *root, const char *id, const char *text, size_t len)
{
	char path[PATH_SIZE];
	FILE *f;

	snprintf(path, sizeof(path), "%s/containers/%s", root, id);
	assert_int_equal(mkdir(path, 0700), 0);
	strcat(path, "/config.v2.json");
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static int set_up(void **state)
{
	char *root = strdup("/tmp/test_docker.XXXXXX"), path[PATH_SIZE];

	assert_non_null(root);
	assert_non_null(mkdtemp(root));
	snprintf(path, sizeof(path), "%s/containers", root);
	assert_int_equal(mkdir(path, 0700), 0);
	*state = root;
	return 0;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int tear_down(void **state)
{
	nftw(*state, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	free(*state);
	return 0;
}

static void check_text(const char *text, const char *expected)
{
	if (expected) {
		assert_non_null(text);
		assert_string_equal(text, expected);
	} else {
		assert_null(text);
	}
}

static void check(const char *root, const char *line, size_t len, const char *address,
		  const char *container)
{
	struct docker_target target;
	char *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, line, len);
	assert_int_equal(docker_proxy_parse(root, copy, len, &target), 0);
	check_text(target.address, address);
	check_text(target.container, container);
	docker_target_free(&target);
	free(copy);
}

static void reads_the_command_line(void **state)
{
	const char *root = *state;

	check(root,
	      LINE(PROXY "-proto\0tcp\0-host-ip\0000.0.0.0\0-host-port\00080\0"
			 "-container-ip\000172.17.0.2\0-container-port\0008080\0-use-listen-fd"),
	      "172.17.0.2:8080", NULL);
	check(root, LINE("docker-proxy\0--container-ip=10.1.2.3\0--container-port=1"), "10.1.2.3:1",
	      NULL);
	check(root, LINE(PROXY "-container-ip\0fd00::2\0-container-port\00080"), "[fd00::2]:80",
	      NULL);
}

static void leaves_out_what_is_not_its_own(void **state)
{
	const char *root = *state;

	check(root, "", 0, NULL, NULL);
	check(root, LINE(""), NULL, NULL);
	check(root, LINE("/usr/bin/dockerd\0-container-ip=1.2.3.4\0-container-port=1"), NULL, NULL);
	check(root, LINE("/docker-proxy/x\0-container-ip=1.2.3.4\0-container-port=1"), NULL, NULL);
	check(root, LINE(PROXY "-proto=udp\0-container-ip=1.2.3.4\0-container-port=1"), NULL, NULL);
	check(root, LINE(PROXY "-container-ip=1.2.3.4"), NULL, NULL);
	check(root, LINE(PROXY "-container-ip"), NULL, NULL);
	check(root, LINE(PROXY "-container-ip=x\0-container-port=1"), NULL, NULL);
	check(root, LINE(PROXY "-container-ip=1.2.3.4\0-container-port=1\n2"), NULL, NULL);
	check(root, LINE(PROXY "-container-ip=1.2.3.4\0-container-port=123456"), NULL, NULL);
	check(root, LINE(PROXY "-container-ip=1.2.3.4\0-container-port="), NULL, NULL);
	check(root, LINE(PROXY "-\0--\0\0-container-ipx=1.2.3.4\0-container-port=1"), NULL, NULL);
}

static void takes_every_shorter_line(void **state)
{
	static const char line[] =
		PROXY "-proto\0tcp\0-container-ip\0001.2.3.4\0-container-port\0001";

	for (size_t n = 0; n < sizeof(line); n++)
		check(*state, line, n, NULL, NULL);
	check(*state, line, sizeof(line), "1.2.3.4:1", NULL);
}

#define CONFIG(id, name, running, address, address6)                                    \
	"{\"ID\":\"" id "\",\"Name\":\"" name "\",\"State\":{\"Running\":" running "}," \
	"\"NetworkSettings\":{\"Networks\":{\"bridge\":{\"IPAddress\":\"\"},\"web\":{"  \
	"\"IPAddress\":\"" address "\",\"GlobalIPv6Address\":\"" address6 "\"}}}}"

static void write_text(const char *root, const char *id, const char *text)
{
	write_config(root, id, text, strlen(text));
}

static void finds_the_container(void **state)
{
	const char *root = *state;

	write_text(root, "a1", CONFIG("a1a1a1a1a1a1a1a1", "/web", "true", "172.17.0.2", "fd00::2"));
	write_text(root, "b2", CONFIG("b2b2b2b2b2b2b2b2", "", "true", "172.17.0.3", ""));
	write_text(root, "c3", CONFIG("c3c3c3c3c3c3c3c3", "/old", "false", "172.17.0.4", ""));
	check(root, LINE(PROXY "-container-ip=172.17.0.2\0-container-port=80"), "172.17.0.2:80",
	      "web");
	check(root, LINE(PROXY "-container-ip=fd00::2\0-container-port=80"), "[fd00::2]:80", "web");
	check(root, LINE(PROXY "-container-ip=fd00:0::2\0-container-port=80"), "[fd00:0::2]:80",
	      "web");
	check(root, LINE(PROXY "-container-ip=172.17.0.3\0-container-port=80"), "172.17.0.3:80",
	      "b2b2b2b2b2b2");
	check(root, LINE(PROXY "-container-ip=172.17.0.4\0-container-port=80"), "172.17.0.4:80",
	      NULL);
	check(root, LINE(PROXY "-container-ip=172.17.0.5\0-container-port=80"), "172.17.0.5:80",
	      NULL);
}

static void takes_hostile_configs(void **state)
{
	static const char *const texts[] = {
		"",
		"{",
		"null",
		"[]",
		"{\"NetworkSettings\":[]}",
		"{\"NetworkSettings\":{\"Networks\":[{\"IPAddress\":\"1.2.3.4\"}]}}",
		"{\"NetworkSettings\":{\"Networks\":{\"a\":\"1.2.3.4\"}}}",
		"{\"NetworkSettings\":{\"Networks\":{\"a\":{\"IPAddress\":1}}}}",
		"{\"NetworkSettings\":{\"Networks\":{\"a\":{\"IPAddress\":\"1.2.3.4\"}}}}",
		"{\"ID\":1,\"NetworkSettings\":{\"Networks\":{\"a\":{\"IPAddress\":\"1.2.3.4\"}}}}",
	};
	size_t large = 2 * 1024 * 1024;
	char *text = malloc(large), id[16];

	assert_non_null(text);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		snprintf(id, sizeof(id), "bad%zu", i);
		write_text(*state, id, texts[i]);
	}
	memset(text, '[', large);
	write_config(*state, "deep", text, 1000 * 1000);
	write_config(*state, "large", text, large);
	free(text);
	check(*state, LINE(PROXY "-container-ip=1.2.3.4\0-container-port=1"), "1.2.3.4:1", NULL);
}

static void asks_only_the_proxy(void **state)
{
	struct docker_target target;

	assert_int_equal(docker_proxy_target(*state, getpid(), &target), 0);
	assert_null(target.address);
	assert_null(target.container);
	assert_int_equal(docker_proxy_target(*state, INT_MAX, &target), -ENOENT);
	assert_null(target.address);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_the_command_line, set_up, tear_down),
		cmocka_unit_test_setup_teardown(leaves_out_what_is_not_its_own, set_up, tear_down),
		cmocka_unit_test_setup_teardown(takes_every_shorter_line, set_up, tear_down),
		cmocka_unit_test_setup_teardown(finds_the_container, set_up, tear_down),
		cmocka_unit_test_setup_teardown(takes_hostile_configs, set_up, tear_down),
		cmocka_unit_test_setup_teardown(asks_only_the_proxy, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
