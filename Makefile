# SPDX-License-Identifier: Apache-2.0
# Hufu: one non-recursive makefile.  `make help` lists the targets; B= chooses another build folder.

B      ?= build
ifeq ($(origin CC),default)
CC     := gcc
endif
PREFIX ?= /usr/local

# Rooms, lowest first (tests/rules/layers.sh enforces the order).
ORDER := base json keys net proof scan text record font qr paper form seal store issue serve cli
ROOMS := $(foreach r,$(ORDER),$(if $(wildcard src/$r/*.c),$r))

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual -Wwrite-strings \
	-Wstrict-prototypes -Wold-style-definition -Wmissing-prototypes -Wvla -Wformat=2 -Wundef \
	-Wnull-dereference -Wdouble-promotion -Wswitch-enum -Wimplicit-fallthrough -Wdate-time -fno-common
HARDEN := -fstack-protector-strong -fstack-clash-protection -fcf-protection=full -fPIC
ifdef SAN
OPT   := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
LDOPT := -fsanitize=address,undefined
else
OPT   := -O2 -g -D_FORTIFY_SOURCE=3
LDOPT := -Wl,-z,relro,-z,now,-z,noexecstack
endif
CFLAGS  += -std=c17 -D_POSIX_C_SOURCE=200809L -Isrc -Itests -ffile-prefix-map=$(CURDIR)=. \
	$(WARN) $(HARDEN) $(OPT) $(WERROR) -fvisibility=hidden -ffunction-sections -fdata-sections -pthread -MMD -MP \
	-isystem /usr/include/p11-kit-1
LDFLAGS += -pie $(LDOPT) -pthread
LIBS := -lhpdf -lqrencode -lsodium -lcjson -lharfbuzz -lsqlite3 -lcrypto -lzbar -lpng -ljpeg \
	-licuuc -licudata -ldeflate -lz -lseccomp -lcurl -lm

room_src = $(sort $(wildcard src/$1/*.c))
room_obj = $(patsubst src/%.c,$B/src/%.o,$(call room_src,$1))
test_src = $(sort $(wildcard tests/$1/*_test.c))
# The rooms up to and including $1.
upto = $(wordlist 1,$(words $(filter-out ,$(shell echo $(ROOMS) | sed 's/\b$1\b.*/$1/'))),$(ROOMS))

MAINS := $B/src/cli/main.o $B/src/cli/verify_main.o
LIB_OBJ := $(filter-out $(MAINS),$(foreach r,$(ROOMS),$(call room_obj,$r)))
TEST_ROOMS := $(foreach r,$(ROOMS),$(if $(call test_src,$r),$r))

all: $B/hufu $B/hufu-verify $B/libhufu.so.0

$B/hufu: $(LIB_OBJ) $B/src/cli/main.o
	@echo '  LD   $@'
	@$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

# The small closure: what verifying needs, taken from the archive of all rooms and no more.
VERIFY_LIBS := -Wl,--as-needed -lsodium -lcjson -lcrypto -lz -lcurl -lzbar -lpng -ljpeg -lm
$B/hufu-verify: $B/src/cli/verify_main.o $B/rooms.a
	@echo '  LD   $@'
	@$(CC) $(LDFLAGS) -Wl,--gc-sections -o $@ $^ $(VERIFY_LIBS)

# Its public calls are the only symbols it shows.
$B/src/proof/hufu.o: CFLAGS += -fvisibility=default
$B/libhufu.so.0: $B/src/proof/hufu.o $B/rooms.a src/proof/hufu.map
	@echo '  LD   $@'
	@$(CC) $(filter-out -pie,$(LDFLAGS)) -shared -Wl,-soname,libhufu.so.0 -Wl,--version-script=src/proof/hufu.map \
		-Wl,--gc-sections -o $@ $B/src/proof/hufu.o $B/rooms.a -Wl,--as-needed -lsodium -lcjson -lcrypto -lz

$B/src/%.o: src/%.c
	@mkdir -p $(@D)
	@echo '  CC   $<'
	@$(CC) $(CFLAGS) -c -o $@ $<

$B/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	@echo '  CC   $<'
	@$(CC) $(CFLAGS) -c -o $@ $<

# One test program a room, linked with that room and the rooms below it only.
WRAP := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
define test_program
$B/tests/$1_tests: $$(patsubst tests/%.c,$B/tests/%.o,$$(call test_src,$1)) $B/tests/check.o \
		$$(filter-out $(MAINS),$$(foreach r,$$(call upto,$1),$$(call room_obj,$$r)))
	@echo '  LD   $$@'
	@$$(CC) $$(LDFLAGS) $(WRAP) -o $$@ $$^ $$(LIBS) $$(TEST_LIBS)
test-$1: $B/tests/$1_tests
	@$B/tests/$1_tests $(T)
.PHONY: test-$1
endef
TEST_LIBS := -lharfbuzz-subset -lutf8proc
$(foreach r,$(TEST_ROOMS),$(eval $(call test_program,$r)))

include tests/tests.mk

-include $(shell find $B -name '*.d' 2>/dev/null)

# A demo home, issued, published and verified; SITE=http://ADDRESS:8080 prints codes for that base URL and serves the site
# with the verifier page, for phones (docs/DEMO.md).
demo: deps-demo
	@$(MAKE) --no-print-directory $(JOBS) B=$B $B/hufu
	@$(if $(SITE),$(MAKE) --no-print-directory B=$B web)
	@sh tests/demo/demo.sh $B "$(SITE)"

# The verifier page, ready to be laid into the root of a published site; prints the hash of the build.
web:
	@sh tests/deps.sh "$(DEPS)" $B/node
	@sh web/install.sh $B/web-sources $(NODE) && $(NODE) $B/web-sources/web/build.mjs $(abspath $B)/web

# tests/bench/<noun>_bench.c: a program that prints what something costs.
BENCHES := $(patsubst tests/%.c,$B/tests/%,$(sort $(wildcard tests/bench/*_bench.c)))
$(BENCHES): $B/tests/bench/%: $B/tests/bench/%.o $B/rooms.a
	@echo '  LD   $@'
	@$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) $(TEST_LIBS)

bench-programs: $(BENCHES)
bench: deps-demo
	@$(MAKE) --no-print-directory $(JOBS) B=$B $B/hufu $(BENCHES)
	@sh tests/bench/run.sh $B

DESTDIR ?=
install: all
	install -D -m 755 $B/hufu $(DESTDIR)$(PREFIX)/bin/hufu
	install -D -m 755 $B/hufu-verify $(DESTDIR)$(PREFIX)/bin/hufu-verify
	install -D -m 644 $B/libhufu.so.0 $(DESTDIR)$(PREFIX)/lib/libhufu.so.0
	ln -sf libhufu.so.0 $(DESTDIR)$(PREFIX)/lib/libhufu.so
	install -D -m 644 src/proof/hufu.h $(DESTDIR)$(PREFIX)/include/hufu.h
	install -d $(DESTDIR)$(PREFIX)/lib/pkgconfig
	sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(shell sed -n 's/^.define HUFU_VERSION "\(.*\)"/\1/p' src/base/version.h)|' \
		src/proof/hufu.pc.in >$(DESTDIR)$(PREFIX)/lib/pkgconfig/hufu.pc
	install -D -m 644 docs/hufu.1 $(DESTDIR)$(PREFIX)/share/man/man1/hufu.1
	install -D -m 644 docs/hufu-verify.1 $(DESTDIR)$(PREFIX)/share/man/man1/hufu-verify.1
	install -D -m 644 docs/libhufu.3 $(DESTDIR)$(PREFIX)/share/man/man3/libhufu.3
	install -D -m 644 fonts/fonts.json $(DESTDIR)$(PREFIX)/share/hufu/fonts/fonts.json
	set -e; cd templates; find . -type f | while read -r f; do \
		install -D -m 644 "$$f" "$(DESTDIR)$(PREFIX)/share/hufu/templates/$$f"; done

help:
	@sed -n 's/^#   make/make/p' tests/tests.mk
	@echo 'make demo         issue, publish and verify a demo register; SITE=http://ADDRESS:8080 serves it to phones'
	@echo 'make web          the verifier page, into $B/web'
	@echo 'make bench        µs a step and documents a second and core'
	@echo 'make install      into PREFIX=$(PREFIX), below DESTDIR'

clean:
	rm -rf $B

.PHONY: all demo web bench bench-programs install help clean
