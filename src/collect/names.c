// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/names.h"

#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "util/hash.h"

/* What the thread has to find out, and what it has found. Whoever leaves last frees it. */
struct asking {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool asked, answered, ended; /* a question stands; so does its answer; there are no more */
	int users;
	int family;
	struct address address;
	char name[NI_MAXHOST]; /* "" where there is none */
};

struct known {
	bool used;
	uint8_t family;
	struct address address;
	char *name; /* NULL has none */
};

struct names {
	struct resolver resolver;
	struct asking *asking; /* NULL until the first question */
	int64_t patience_ms;   /* that is left */
	bool gave_up, services;
	uint64_t unanswered;
	struct known *known; /* a hash table, never full */
	size_t count, cap;
	char *ports[UINT16_MAX + 1];
	bool port_known[UINT16_MAX + 1];
};

static void release(struct asking *a)
{
	bool last;

	pthread_mutex_lock(&a->lock);
	last = !--a->users;
	pthread_mutex_unlock(&a->lock);
	if (!last)
		return;
	pthread_cond_destroy(&a->changed);
	pthread_mutex_destroy(&a->lock);
	free(a);
}

static void look_up(int family, const struct address *address, char *name)
{
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
	struct sockaddr_in in = {.sin_family = AF_INET};
	bool mapped = address_is_mapped(family, address);
	int failed;

	memcpy(&in6.sin6_addr, address->bytes, sizeof(in6.sin6_addr));
	memcpy(&in.sin_addr, address->bytes + (mapped ? 12 : 0), sizeof(in.sin_addr));
	if (family == AF_INET6 && !mapped)
		failed = getnameinfo((struct sockaddr *)&in6, sizeof(in6), name, NI_MAXHOST, NULL,
				     0, NI_NAMEREQD);
	else
		failed = getnameinfo((struct sockaddr *)&in, sizeof(in), name, NI_MAXHOST, NULL, 0,
				     NI_NAMEREQD);
	if (failed)
		*name = '\0';
}

static void *answer(void *ctx)
{
	struct asking *a = ctx;
	char name[NI_MAXHOST];

	pthread_mutex_lock(&a->lock);
	while (!a->ended) {
		struct address address = a->address;
		int family = a->family;

		if (!a->asked) {
			pthread_cond_wait(&a->changed, &a->lock);
			continue;
		}
		pthread_mutex_unlock(&a->lock);
		look_up(family, &address, name);
		pthread_mutex_lock(&a->lock);
		memcpy(a->name, name, sizeof(name));
		a->asked = false;
		a->answered = true;
		pthread_cond_signal(&a->changed);
	}
	pthread_mutex_unlock(&a->lock);
	release(a);
	return NULL;
}

/* The condition's clock must not jump. */
static int init_condition(pthread_cond_t *condition)
{
	pthread_condattr_t attributes;
	int error = pthread_condattr_init(&attributes);

	if (error)
		return error;
	error = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	if (!error)
		error = pthread_cond_init(condition, &attributes);
	pthread_condattr_destroy(&attributes);
	return error;
}

static struct asking *start_asking(void)
{
	struct asking *a = calloc(1, sizeof(*a));
	pthread_t thread;

	if (!a || init_condition(&a->changed)) {
		free(a);
		return NULL;
	}
	pthread_mutex_init(&a->lock, NULL);
	a->users = 2;
	if (!pthread_create(&thread, NULL, answer, a)) {
		pthread_detach(thread);
		return a;
	}
	a->users = 1;
	release(a);
	return NULL;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Whether the answer came in time; it is in asking->name then. */
static bool ask(struct names *n, int family, const struct address *address)
{
	struct asking *a = n->asking;
	int64_t began = now_ms(), end = began + n->patience_ms;
	struct timespec deadline = {end / 1000, end % 1000 * 1000000};
	int error = 0;

	pthread_mutex_lock(&a->lock);
	a->family = family;
	a->address = *address;
	a->asked = true;
	a->answered = false;
	pthread_cond_signal(&a->changed);
	while (!a->answered && !error)
		error = pthread_cond_timedwait(&a->changed, &a->lock, &deadline);
	pthread_mutex_unlock(&a->lock);
	n->patience_ms -= now_ms() - began;
	return a->answered;
}

/* The name, or NULL; allocated. */
static char *find_name(struct names *n, int family, const struct address *address)
{
	if (!n->gave_up && !n->asking)
		n->asking = start_asking();
	if (n->gave_up || !n->asking) {
		n->unanswered++;
		return NULL;
	}
	if (!ask(n, family, address)) {
		n->gave_up = true; /* the thread may answer late: what it has is not looked at */
		n->unanswered++;
		return NULL;
	}
	n->gave_up = n->patience_ms <= 0;
	return n->asking->name[0] ? strdup(n->asking->name) : NULL;
}

/* Where an address is, or is to be. */
static struct known *place_of(struct known *table, size_t cap, int family,
			      const struct address *address)
{
	uint64_t words[2];
	size_t i;

	memcpy(words, address->bytes, sizeof(words));
	i = hash_u64(words[0] ^ hash_u64(words[1] + (uint64_t)family)) & (cap - 1);
	while (table[i].used && (table[i].family != family ||
				 memcmp(&table[i].address, address, sizeof(*address)) != 0))
		i = (i + 1) & (cap - 1);
	return &table[i];
}

static bool grow(struct names *n)
{
	size_t cap = n->cap ? n->cap * 2 : 64;
	struct known *table = calloc(cap, sizeof(*table));

	if (!table)
		return false;
	for (size_t i = 0; i < n->cap; i++) {
		if (n->known[i].used)
			*place_of(table, cap, n->known[i].family, &n->known[i].address) =
				n->known[i];
	}
	free(n->known);
	n->known = table;
	n->cap = cap;
	return true;
}

static const char *host(struct resolver *r, int family, const struct address *address)
{
	struct names *n = (struct names *)r;
	struct known *k;

	if (n->count * 2 >= n->cap && !grow(n))
		return NULL;
	k = place_of(n->known, n->cap, family, address);
	if (k->used)
		return k->name;
	*k = (struct known){.used = true, .family = (uint8_t)family, .address = *address};
	n->count++;
	k->name = find_name(n, family, address);
	return k->name;
}

/* From a file of this host: nothing to wait for. */
static const char *service(struct resolver *r, uint16_t port)
{
	struct names *n = (struct names *)r;
	struct servent *found;

	if (!n->services || n->port_known[port])
		return n->ports[port];
	n->port_known[port] = true;
	found = getservbyport(htons(port), "tcp");
	n->ports[port] = found ? strdup(found->s_name) : NULL;
	return n->ports[port];
}

struct resolver *names_open(bool services)
{
	struct names *n = calloc(1, sizeof(*n));

	if (!n)
		return NULL;
	n->resolver = (struct resolver){host, service};
	n->patience_ms = NAMES_PATIENCE_MS;
	n->services = services;
	return &n->resolver;
}

uint64_t names_unanswered(const struct resolver *r)
{
	return ((const struct names *)r)->unanswered;
}

void names_close(struct resolver *r)
{
	struct names *n = (struct names *)r;

	if (!n)
		return;
	if (n->asking) {
		pthread_mutex_lock(&n->asking->lock);
		n->asking->ended = true;
		pthread_cond_signal(&n->asking->changed);
		pthread_mutex_unlock(&n->asking->lock);
		release(n->asking);
	}
	for (size_t i = 0; i < n->cap; i++)
		free(n->known[i].name);
	for (size_t i = 0; i <= UINT16_MAX; i++)
		free(n->ports[i]);
	free(n->known);
	free(n);
}
