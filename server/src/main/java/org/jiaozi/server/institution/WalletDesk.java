package org.jiaozi.server.institution;

import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jiaozi.bank.institution.Sender;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.Envelope;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.server.ServiceFault;
import org.jiaozi.server.http.HttpAnswer;
import org.jiaozi.server.http.HttpQuestion;

/**
 * Opens wallets' envelopes, whoever carried them, and answers under seal. What cannot be opened, is not for this institution or
 * finds no room is refused in the open; every other answer is for the sender alone.
 */
final class WalletDesk {
    private static final Logger LOG = Logger.getLogger(WalletDesk.class.getName());

    private final Office office;
    private final Sealer sealer;
    private final Messages messages;
    private final Enrolments enrolments;
    private final Notes notes;
    private final Deposits deposits;
    private final Optional<DepositLots> lots;
    private final Remittances remittances;
    private final Devices devices;
    private final Records records;
    private final OperationCounts counts;
    private final Runnable afterwards;

    WalletDesk(
            Office office,
            Sealer sealer,
            Messages messages,
            Enrolments enrolments,
            Notes notes,
            Deposits deposits,
            Optional<DepositLots> lots,
            Remittances remittances,
            Devices devices,
            Records records,
            OperationCounts counts,
            Runnable afterwards) {
        this.office = office;
        this.sealer = sealer;
        this.messages = messages;
        this.enrolments = enrolments;
        this.notes = notes;
        this.deposits = deposits;
        this.lots = lots;
        this.remittances = remittances;
        this.devices = devices;
        this.records = records;
        this.counts = counts;
        this.afterwards = afterwards;
    }

    HttpAnswer serve(HttpQuestion question) {
        try {
            Envelope envelope = Envelope.decode(Bytes.of(question.body()));
            if (!envelope.institution().equals(office.membership().key().institution())) {
                return HttpAnswer.refused(RefusalCode.WRONG_INSTITUTION, "");
            }
            Envelope.Opened opened = envelope.open(sealer, office.keys().sealing());
            Signed<BankMessage> answer = answer(opened.message());
            counts.answered(answer);
            return HttpAnswer.cbor(
                    Envelope.sealAnswer(sealer, opened.replyKey(), answer).toArray());
        } catch (DecodeException e) {
            return HttpAnswer.refused(e.refusal());
        } catch (IllegalArgumentException e) {
            // the sender named a reply key to which nothing can be sealed
            return HttpAnswer.refused(RefusalCode.MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    private Signed<BankMessage> answer(Signed<WalletMessage> message) {
        WalletMessage m = message.statement();
        try {
            return work(message);
        } catch (DecodeException e) {
            return messages.sign(m, new WalletAnswer.Refused(e.refusal()));
        } catch (ServiceFault e) {
            if (e.refusal().code() == RefusalCode.BUSY) {
                // as at the door: whoever carried it learns when to come again, and it costs no signature
                throw e;
            }
            LOG.log(Level.WARNING, "a wallet message waits", e);
            return messages.sign(m, new WalletAnswer.Refused(e.refusal()));
        } catch (RuntimeException e) {
            LOG.log(Level.SEVERE, "a wallet message failed", e);
            return messages.sign(m, new WalletAnswer.Refused(Refusal.of(RefusalCode.INTERNAL)));
        }
    }

    private Signed<BankMessage> work(Signed<WalletMessage> message) {
        WalletMessage m = message.statement();
        if (m.body() instanceof WalletRequest.Deposit
                && lots.filter(DepositLots::full).isPresent()) {
            throw new ServiceFault(RefusalCode.BUSY, "more deposits wait than are booked in time");
        }
        Optional<Purses.Known> known = office.db().snapshot(h -> Purses.find(h, m.sender()));
        Optional<PublicKey> key = m.body() instanceof WalletRequest.Enrol enrol
                ? Optional.of(enrol.accountKey())
                : known.map(k -> k.sender().key());
        if (key.isPresent()
                && (!key.get().thumbprint().equals(m.sender()) || !message.verifies(office.verifier(), key.get()))) {
            return messages.sign(m, Notes.refused(RefusalCode.BAD_SIGNATURE, "not signed by its sender"));
        }
        if (key.isEmpty()) {
            return messages.sign(m, Notes.refused(RefusalCode.UNKNOWN_PURSE, ""));
        }
        return known.flatMap(sender -> together(message, sender)).orElseGet(() -> byItself(message, known));
    }

    /** A deposit that is booked with others; empty for everything else. */
    private Optional<Signed<BankMessage>> together(Signed<WalletMessage> message, Purses.Known sender) {
        if (lots.isEmpty()
                || !(sender.sender() instanceof Sender.Purse)
                || !(message.statement().body() instanceof WalletRequest.Deposit request)) {
            return Optional.empty();
        }
        Optional<DepositLots.Booked> booked = deposits.sound(sender, request)
                .flatMap(head ->
                        lots.get().hand(new DepositLots.Handed(Optional.of(message), sender.account(), request, head)));
        if (booked.filter(b -> !b.plain()).isPresent()) {
            // the central bank has news of whoever is to blame
            afterwards.run();
        }
        return booked.flatMap(DepositLots.Booked::answer);
    }

    private Signed<BankMessage> byItself(Signed<WalletMessage> message, Optional<Purses.Known> known) {
        WalletMessage m = message.statement();
        return switch (messages.open(message)) {
            case Messages.Seen.Answered stored -> stored.answer();
            case Messages.Seen.Replayed ignored -> messages.sign(m, Notes.refused(RefusalCode.REPLAYED, ""));
            case Messages.Seen.Open ignored -> {
                WalletAnswer answer = known.isPresent() && !(m.body() instanceof WalletRequest.Enrol)
                        ? permitted(m, known.get())
                        : act(m, known);
                Signed<BankMessage> kept =
                        office.db().serializable(m.body().getClass().getSimpleName(), h -> messages.keep(h, m, answer));
                afterwards.run();
                yield kept;
            }
        };
    }

    private WalletAnswer permitted(WalletMessage m, Purses.Known sender) {
        Optional<Refusal> no = sender.sender().refuses(m.body(), office.account(sender.account()));
        return no.isPresent() && !begun(m.body(), sender)
                ? new WalletAnswer.Refused(no.get())
                : act(m, Optional.of(sender));
    }

    /** Money that has left the account already is accounted for, also if the account was blocked meanwhile. */
    private boolean begun(WalletRequest request, Purses.Known sender) {
        return request instanceof WalletRequest.Remit remit ? remittances.begun(remit) : notes.begun(sender, request);
    }

    private WalletAnswer act(WalletMessage m, Optional<Purses.Known> known) {
        if (m.body() instanceof WalletRequest.Enrol enrol) {
            return enrolments.enrol(m, enrol);
        }
        Purses.Known sender = known.orElseThrow();
        return switch (m.body()) {
            case WalletRequest.Enrol enrol -> enrolments.enrol(m, enrol);
            case WalletRequest.Load load -> notes.load(sender, load);
            case WalletRequest.Renew renew -> enrolments.renew(m, renew, sender);
            case WalletRequest.Deposit deposit -> deposits.deposit(sender, deposit);
            case WalletRequest.Upload upload -> records.upload(upload);
            case WalletRequest.ReturnUnreceived request -> notes.giveBack(sender, request);
            case WalletRequest.ReadAccount read -> records.read(sender, read);
            case WalletRequest.Remit remit -> remittances.remit(sender, remit);
            case WalletRequest.ReportLost report -> devices.reportLost(sender, report);
            case WalletRequest.ClaimLost claim -> devices.claim(sender, claim);
            case WalletRequest.SubmitEvidence evidence -> records.evidence(evidence);
            case WalletRequest.TakeOver takeOver -> deposits.takeOver(sender, takeOver);
        };
    }
}
