package org.jiaozi.wallet.host;

import java.util.List;
import java.util.Optional;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.tap.PayerTap.SentPayment;
import org.jiaozi.core.tap.PaymentSeal;
import org.jiaozi.core.tap.TapMessage;
import org.jiaozi.core.tap.TapMessage.PaymentMessage;
import org.jiaozi.core.tap.TapMessage.RequestMessage;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;
import org.jiaozi.wallet.choice.SliceChoice;
import org.jiaozi.wallet.host.WalletState.Payment;
import org.jiaozi.wallet.purse.Pseudonym;
import org.jiaozi.wallet.purse.PurseAnswer;
import org.jiaozi.wallet.purse.PurseCommand;
import org.jiaozi.wallet.purse.PurseRules;

/** Choosing slices, having the purse sign, and keeping the exact message (spec 06, clause 5). */
public final class Paying {
    /** What a link of at most eight inputs adds to a packed lineage, certificate included, with room to spare. */
    private static final int LINK_BYTES = 512;
    /** What CBOR and HPKE add around a payment, with room to spare. */
    private static final int FRAME_BYTES = 128;

    private Paying() {}

    /**
     * Pays. Asked again for the same request it returns the same bytes and changes nothing; the request itself must have
     * passed {@link org.jiaozi.core.tap.RequestCheck}.
     */
    public static WalletStep<SentPayment> pay(WalletState state, RequestMessage request, WalletContext context) {
        Request asked = request.request().statement();
        Payment before = state.payments().get(asked.nonce());
        if (before != null) {
            return before.sent().request().request().equals(request.request())
                    ? new WalletStep.Done<>(state, before.sent())
                    : WalletStep.no(RefusalCode.WRONG_REQUEST, "another request with a nonce already paid");
        }
        return switch (choose(state, asked, context)) {
            case SliceChoice.Choice.Unable unable -> new WalletStep.Refused<>(unable.refusal());
            case SliceChoice.Choice.Chosen chosen -> {
                Lineage ancestors = state.lineage()
                        .lineageOf(chosen.inputs().stream()
                                .map(TransferInput::source)
                                .toList());
                if (!fits(ancestors)) {
                    yield WalletStep.no(RefusalCode.LINEAGE_TOO_LARGE, "deposit these slices instead");
                }
                PurseCommand command = new PurseCommand.Pay(request, chosen.key(), chosen.inputs());
                yield Wallet.purse(state, command, context)
                        .then((next, answer) -> paid(next, request, ancestors, answer, context));
            }
        };
    }

    private static boolean fits(Lineage ancestors) {
        return ancestors.notes().size() <= LineageBounds.TAP.notes()
                && ancestors.links().size() < LineageBounds.TAP.links()
                && LineageCodec.encode(ancestors).size() + LINK_BYTES <= LineageBounds.TAP.bytes();
    }

    private static SliceChoice.Choice choose(WalletState state, Request asked, WalletContext context) {
        return SliceChoice.choose(new SliceChoice.Question(
                asked.amount(),
                asked.at(),
                List.copyOf(state.purse().slices().values()),
                state.purse().pseudonyms().stream().map(Pseudonym::thumbprint).toList(),
                key -> PurseRules.refusesToPay(
                        state.purse(), key, asked.amount(), asked.currency(), asked.at(), context.purse(state)),
                slice -> Wallet.hopLimit(state, slice, context),
                slice -> Wallet.throughRevoked(state, slice)));
    }

    private static WalletStep<SentPayment> paid(
            WalletState state, RequestMessage request, Lineage ancestors, PurseAnswer answer, WalletContext context) {
        if (!(answer instanceof PurseAnswer.Moved moved)) {
            throw new IllegalStateException("a purse that moves nothing: " + answer);
        }
        Request asked = request.request().statement();
        Lineage payment = ancestors.plus(new Lineage.Link(moved.transfer(), moved.certificate()));
        Bytes packed = LineageCodec.encode(payment);
        Optional<Bytes> bulletin = Wallet.bulletinSince(state, asked.epoch())
                .filter(b -> packed.size() + b.size() + FRAME_BYTES <= Limit.TAP_MESSAGE_BYTES);
        TapMessage sealed =
                PaymentSeal.seal(context.sealer(), request.request(), new PaymentMessage(payment, bulletin));
        SentPayment sent = new SentPayment(request, moved.transfer().hash(), sealed.encode());
        Payment record = new Payment(sent, packed, Optional.empty(), Optional.empty(), false, false);
        return new WalletStep.Done<>(state.with(state.lineage().plus(payment)).with(asked.nonce(), record), sent);
    }
}
