"""Sentences about signing keys, tokens and QR codes, by stable code: (title, what to do)."""

from __future__ import annotations

from workstation.language import Sentence, noted

SENTENCES: dict[str, tuple[Sentence, Sentence]] = {
    "qr.form": (
        noted("This is not a QR code of this program."),
        noted("Read it again, or type it exactly as it is printed."),
    ),
    "qr.none": (
        noted("No QR code was found in the file."),
        noted("Take a sharper picture of the whole square, or type what a scanner shows."),
    ),
    "qr.file.unreadable": (
        noted("The file cannot be read as a text, picture or PDF."),
        noted("Choose another one."),
    ),
    "qr.reader.missing": (
        noted("Pictures cannot be read here: the QR reader is not installed."),
        noted(
            "Install it with: pip install 'derm-workstation[scan]', or give the code\u2019s text."
        ),
    ),
    "qr.certificate": (
        noted("The file holds no certificate for QR codes."),
        noted("Ask the clinic for the one it writes with: workstation keys --qr-certificate FILE."),
    ),
    "key.import.unreadable": (
        noted("This is not a key file."),
        noted(
            "Nothing was changed: you sign as before. Choose the file that your authority gave you (.p12 or .pfx)."
        ),
    ),
    "key.import.password": (
        noted("The file\u2019s password is wrong."),
        noted(
            "Nothing was changed: you sign as before. Type the password that the file was made with; it is not your sign-in password."
        ),
    ),
    "key.import.empty": (
        noted("The file holds no private key, or no certificate."),
        noted(
            "Nothing was changed: you sign as before. Export key and certificate together, with the chain of the authority."
        ),
    ),
    "key.import.pair": (
        noted("Key and certificate in the file do not belong together."),
        noted(
            "Nothing was changed: you sign as before. Export them again from where the key was made."
        ),
    ),
    "key.import.weak": (
        noted("The key or its chain is too weak, or of a kind that cannot sign here."),
        noted(
            "Nothing was changed: you sign as before. Ask for RSA with at least 2,048 bits, or P-256 or P-384, signed with SHA-256."
        ),
    ),
    "key.import.self_signed": (
        noted("The certificate is signed by nobody but itself."),
        noted(
            "Nothing was changed: you sign as before. A key of the clinic\u2019s own authority is worth more: renew yours here."
        ),
    ),
    "key.import.chain": (
        noted("The certificates of the authority are not in the file."),
        noted(
            "Nothing was changed: you sign as before. Export again with the whole chain. Missing: {issuer}."
        ),
    ),
    "key.import.chain.invalid": (
        noted("The authority\u2019s certificates do not hold today."),
        noted(
            "Nothing was changed: you sign as before. One of them has ended, or is not an authority\u2019s. Ask who issued yours."
        ),
    ),
    "key.import.early": (
        noted("The certificate is valid only from {day} on."),
        noted("Nothing was changed: you sign as before. Import it then."),
    ),
    "key.import.expired": (
        noted("The certificate ended on {day}."),
        noted("Nothing was changed: you sign as before. Ask your authority for a new one."),
    ),
    "key.import.use": (
        noted("The certificate is not for signing documents."),
        noted(
            "Nothing was changed: you sign as before. Ask your authority for one for document signing or e-mail signing."
        ),
    ),
    "key.import.name": (
        noted("The certificate is of {name}, not of {owner}."),
        noted(
            "Nothing was changed: you sign as before. Everybody signs with a certificate of their own name."
        ),
    ),
    "key.import.large": (
        noted("The chain of certificates is too long for a signature."),
        noted(
            "Nothing was changed: you sign as before. Export without certificates that do not belong to the chain."
        ),
    ),
    "key.import.kind": (
        noted("The certificate is a demonstration\u2019s."),
        noted("Nothing was changed: you sign as before. It signs nothing for real patients."),
    ),
    "key.import.kind.demonstration": (
        noted("These are demonstration records: nobody signs here with a real certificate."),
        noted(
            "Nothing was changed: you sign as before. Import it into the clinic\u2019s own records."
        ),
    ),
    "key.import.revoked": (
        noted("This certificate is revoked here."),
        noted("Nothing was changed: you sign as before. Ask your authority for a new one."),
    ),
    "token.library.missing": (
        noted("Tokens cannot be used here: their part is not installed."),
        noted("Install it with: pip install 'derm-workstation[token]'."),
    ),
    "token.library": (
        noted("The token\u2019s module cannot be used."),
        noted("Choose the PKCS#11 module of your token\u2019s maker (.so, .dll or .dylib)."),
    ),
    "token.absent": (
        noted("The token is not there."),
        noted("Nothing was signed. Plug it in, then try again."),
    ),
    "token.pin": (
        noted("The token does not take this PIN."),
        noted("It was changed at the token. Set the token up again in Settings, Signing keys."),
    ),
    "token.pin.locked": (
        noted("The token is locked after too many wrong PINs."),
        noted("Open it with its own program and its unlocking key."),
    ),
    "token.pin.change": (
        noted("Your signing PIN is the token\u2019s own."),
        noted(
            "Change it with the token\u2019s program, then set the token up again under Signing keys."
        ),
    ),
    "token.key": (
        noted("The key is not on this token any more."),
        noted("Nothing was signed. Set the token up again in Settings, Signing keys."),
    ),
    "token.key.none": (
        noted("There is no signing key on this token."),
        noted(
            "Nothing was changed: you sign as before. Make one with the token\u2019s own program."
        ),
    ),
    "token.key.several": (
        noted("There are several keys on this token."),
        noted("Nothing was changed: you sign as before. Name the one to sign with."),
    ),
    "token.key.kind": (
        noted("The clinic cannot certify this key."),
        noted(
            "Nothing was changed: you sign as before. It must be of P-256; other keys need a certificate of their authority."
        ),
    ),
    "token.fault": (
        noted("The token did not sign."),
        noted("Nothing was signed. Take it out, plug it in again, and try again."),
    ),
    "token.closed": (
        noted("The token is closed."),
        noted("Nothing was signed. Try again."),
    ),
}
