/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/share.h"
#include "issue/init.h"
#include "keys/passphrase.h"
#include "proof/policy.h"

enum { FD_MAX = 1023, ZONE_DEFAULT_MIN = 480 /* UTC+8 */ };

static const struct option options[] = {
	{ .name = "demo",
	  .help_en =
		  "Make a demonstration home: an invented issuer, its associations, keys under a passphrase file"
		  " inside the home.  Asks nothing.",
	  .help_zh =
		  "建立演示目录：虚构的签发机构与地方协会，密钥由目录内的口令文件保护；不提问。" },
	{ .name = "seal",
	  .argument = "KIND",
	  .help_en =
		  "With --demo: electronic seals too, by an authority that exists for this home alone, with keys of this kind: p256, rsa2048 or rsa3072.",
	  .help_zh =
		  "与 --demo 合用：并建电子印章，由仅属此目录的证书机构签发；密钥种类为 p256、rsa2048 或 rsa3072。" },
	{ .name = "base",
	  .argument = "URL",
	  .help_en = "The base URL that QR codes open, at most 48 bytes.",
	  .help_zh = "二维码打开的网址前缀，至多 48 字节。" },
	{ .name = "issuer",
	  .argument = "DOMAIN",
	  .help_en = "The issuer's stable id in every signature; the base URL's host when absent.",
	  .help_zh = "签名中的机构标识（域名）；省略时取网址中的主机名。" },
	{ .name = "name-zh",
	  .argument = "NAME",
	  .help_en = "The issuer's Chinese name, as printed.",
	  .help_zh = "机构中文名称（印于证书）。" },
	{ .name = "name-en",
	  .argument = "NAME",
	  .help_en = "The issuer's English name, as printed.",
	  .help_zh = "机构英文名称（印于证书）。" },
	{ .name = "contact",
	  .argument = "TEXT",
	  .help_en = "Where a verifier may ask: an address or a URL.",
	  .help_zh = "核验者的联系方式：邮箱或网址。" },
	OPTION_PASSPHRASE_FD,
};

static struct str host_without_port(struct str host)
{
	for (size_t i = 0; i < host.n; i++)
		if (host.p[i] == ':')
			return (struct str){ host.p, i };
	return host;
}

static bool asked_config(const struct cli_args *args, struct config *c, struct err *e)
{
	const char *base, *zh, *en, *contact, *issuer = args_value(args, "issuer");

	if (!args_needed(args, "base", &base, e) || !args_needed(args, "name-zh", &zh, e) ||
	    !args_needed(args, "name-en", &en, e) || !args_needed(args, "contact", &contact, e))
		return false;
	*c = (struct config){ .name_zh = str_of(zh),
			      .name_en = str_of(en),
			      .contact = str_of(contact),
			      .base = str_of(base),
			      .utc_offset_min = ZONE_DEFAULT_MIN,
			      .ticks = config_demo().ticks };
	if (!config_base(c->base, &c->host, e))
		return false;
	c->issuer = issuer != NULL ? str_of(issuer) : host_without_port(c->host);
	return true;
}

/* A typed passphrase is asked for twice: a slip of the finger would lock the home for good. */
static bool passphrase_typed(struct secret *out, struct err *e)
{
	struct secret again = { NULL, 0 };
	bool ok = passphrase_of_terminal("New passphrase: ", out, e) &&
		  passphrase_of_terminal("The same again: ", &again, e);

	if (ok && (out->n != again.n || !bytes_equal(out->p, again.p, again.n)))
		ok = err_system(e, "the two passphrases differ; nothing was made");
	secret_free(&again);
	return ok;
}

static bool seals_asked(const struct cli_args *args, struct init_order *order, struct err *e)
{
	static const char *const words[] = { [AUTHORITY_P256] = "p256",
					     [AUTHORITY_RSA_2048] = "rsa2048",
					     [AUTHORITY_RSA_3072] = "rsa3072" };
	const char *asked = args_value(args, "seal");

	order->seals = asked != NULL;
	for (size_t i = 0; asked != NULL && i < COUNT_OF(words); i++)
		if (strcmp(asked, words[i]) == 0) {
			order->seal_key = (enum authority_key)i;
			return true;
		}
	return asked == NULL ||
	       err_usage(e, "--seal must be p256, rsa2048 or rsa3072, is '%s'", asked);
}

static bool order_fill(struct cli *cli, const struct cli_args *args, struct init_order *order,
		       struct err *e)
{
	const char *base = args_value(args, "base");
	uint64_t fd = FD_MAX + 1;

	order->home = args_word(args, 0);
	order->demo = args_flag(args, "demo");
	if (!share_find(cli, &order->share, e) ||
	    !args_number(args, "passphrase-fd", 0, FD_MAX, &fd, e))
		return false;
	if (!order->demo)
		return asked_config(args, &order->config, e) && ed25519_start(e) &&
		       (fd <= FD_MAX ? passphrase_of_fd((int)fd,
							"New passphrase: ", &order->passphrase, e)
				     : passphrase_typed(&order->passphrase, e));
	if (!seals_asked(args, order, e))
		return false;
	order->config = config_demo();
	if (base != NULL) {
		order->config.base = str_of(base);
		return config_base(order->config.base, &order->config.host, e);
	}
	return true;
}

static int run(struct cli *cli, const struct cli_args *args)
{
	struct init_order order = { 0 };
	char fingerprint[POLICY_FINGERPRINT + 1];
	struct err e;
	bool ok = order_fill(cli, args, &order, &e) &&
		  init_home(cli->arena, cli->env, &order, fingerprint, &e);

	secret_free(&order.passphrase);
	if (!ok)
		return cli_fail(cli, &e);
	cli_say(cli, "made the issuing home %s", "已建立签发目录 %s", order.home);
	cli_say(cli, "policy fingerprint %s", "信任策略指纹 %s", fingerprint);
	return EXIT_YES;
}

const struct command command_init = {
	.name = "init",
	.synopsis =
		"HOME [--demo] [--seal KIND] [--base URL] [--issuer DOMAIN] [--name-zh NAME --name-en NAME --contact TEXT] [--passphrase-fd N]",
	.summary_en = "make an issuing home: configuration, keys, store, templates",
	.summary_zh = "建立签发目录：配置、密钥、台账、模板",
	.options = options,
	.option_count = COUNT_OF(options),
	.least = 1,
	.most = 1,
	.run = run,
};
