"""The matching engine: texts in, ranked candidates with reasons out. Plain Python and NumPy, no database, no Django.

    encoder = UniversalSentenceEncoder()
    demands, offers = prepare(demand_documents, encoder), prepare(offer_documents, encoder)
    engine = Engine(encoder, Reference.build(offers, demands, encoder))
    catalogue = engine.catalogue(offers)
    for candidate in engine.rank(demands[0], catalogue):
        print(candidate.key, candidate.score, candidate.relevance, engine.reasons(demands[0], offers[candidate.row]))

How a pair is scored, module by module: `documents`, `sentences` and `encoders` make vectors; `readings`, `loanwords`
and `neutral` make terms; `reference` freezes a population; `space`, `exact`, `index` and `postings` make arrays that
can be compared to the last bit, joined and kept in files; `offers` compares one demand with many offers and `demands`
one offer with many demands; `moments` standardises inside one (demand, offer language); `ranking` adds up; `relevance`
and `reasons` (with `surfaces`, `shared_terms` and `evidence`) say it to people; `evaluation` measures it. `nearest`
searches by meaning alone.
"""
