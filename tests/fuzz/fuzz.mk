# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the fuzz targets in the folder it is run in, beside any other build:
#
#	make -f fuzz.mk SOURCE=FOLDER CC=clang CPPFLAGS=... LIBS=...
#
# With TARGET=... planted/NAME is that target with planted/NAME.c in the place of its like in src/.
TARGETS = filter decode read ui
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
CFLAGS = -std=gnu17 -g -O2 $(SANITIZE)
ALL_CPPFLAGS = -I$(SOURCE)/src -D_GNU_SOURCE -DLOCALEDIR='"/nowhere"' $(CPPFLAGS)

vpath %.c $(SOURCE)
# Of what acts, and of the command line, targets take no more than how a fault is told.
layers = src/cli/fault.o src/cli/say.o $(filter-out src/act/% src/cli/%, \
	$(patsubst $(SOURCE)/%.c,%.o,$(wildcard $(SOURCE)/src/*/*.c)))
shared = $(patsubst %,tests/fuzz/%.o,fuzz host rewrite) \
	$(patsubst %,tests/unit/%.o,bytecode explained filtered)
own_ui = $(patsubst %,tests/fuzz/%.o,ui_news ui_sound)

all: $(TARGETS:%=fuzz_%)

link = $(CC) $(CFLAGS) -fsanitize=fuzzer -o $@ $(filter-out %.a,$^) libtcpstate.a $(LIBS)

fuzz_ui: $(own_ui)

fuzz_%: tests/fuzz/fuzz_%.o $(shared) libtcpstate.a
	$(link)

planted/%: planted/%.o tests/fuzz/fuzz_$(TARGET).o $(own_$(TARGET)) $(shared) libtcpstate.a
	$(link)

libtcpstate.a: $(layers)
	rm -f $@
	$(AR) cr $@ $^

# What guides the fuzzers: that which reads, and the interactive view. The rest would be noise.
src/collect/%.o src/filter/%.o src/model/%.o src/ui/%.o planted/%.o: CFLAGS += -fsanitize=fuzzer-no-link
# It draws a lot, and compares little that a key does not name.
src/ui/%.o: CFLAGS += -fno-sanitize-coverage=trace-cmp

%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(CFLAGS) -MMD -c -o $@ $<

-include $(layers:.o=.d) $(shared:.o=.d) $(own_ui:.o=.d) $(TARGETS:%=tests/fuzz/fuzz_%.d)

.SECONDARY:
.PHONY: all
