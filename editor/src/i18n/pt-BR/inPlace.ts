export const inPlace = {
  pinned: 'Resultado fixado: este passo não rodou, o teste usou o que estava guardado.',
  traffic: {
    label: 'O que está acontecendo de verdade',
    since: 'Desde quando',
    spans: { hour: 'Última hora', day: 'Últimas 24 h', week: 'Últimos 7 dias' },
    total_one: '{{shown}} atendimento',
    total_other: '{{shown}} atendimentos',
    hide: 'Tirar os números do desenho',
  },
  past: {
    title: 'Execução como ela foi',
    list: 'Execuções deste time',
    back: 'Voltar pro rascunho',
    none: 'Nada rodou ainda. Faça um teste e ele aparece aqui.',
    version: 'na versão {{version}}',
    draft: 'no rascunho daquela hora',
    rehearsal: 'ensaio',
  },
  chat: {
    who: 'Quem responde',
    draft: 'Rascunho',
    draftText: 'Responde o rascunho, do jeito que está agora. Mensagens ficam só aqui.',
    liveText: 'Responde a versão que está no ar.',
    broken_one: 'Tem um problema no rascunho. Arrume pra ele poder responder.',
    broken_other: 'Tem {{count}} problemas no rascunho. Arrume pra ele poder responder.',
  },
  phone: { chat: 'Conversa', comments: 'Comentários' },
};
