package pack

func senderShape() *shape {
	return object(
		required(kindSender, "name, as its manifests call it", textLike(senderText)),
		required("title", "what the system is called", bilingual()),
		required("organisation", "the organisation that it sends for", textLike(nameText)),
		optional("datasets", "what it may sign for; by default the datasets that its organisation owns", list(textLike(tableText), 1)),
		required("keys", "its public keys; several while one takes the place of another", list(object(
			required("public_key", "SM2 public key in PEM", text()),
			optional("from", "first day on which it may sign", date()),
			optional("to", "last day on which it may sign", date()),
		), 1)),
	)
}
