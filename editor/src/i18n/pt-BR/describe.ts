export const describe = {
  title: 'Descrever em palavras',
  lead: 'Diga o que muda. Você vê a proposta no desenho antes de aceitar.',
  placeholder: 'Ex.: ponha "Espera um tempo" depois de "Sente o clima"',
  ask: 'Propor',
  sandbox:
    'Sem modelo de IA ligado, dá pra pedir pra pôr, mudar de lugar, trocar, copiar, tirar, ligar ou renomear um passo, e pra mudar um ajuste. Pra mais que isso, ligue um modelo.',
  accept: 'Aceitar',
  refuse: 'Recusar',
  again: 'Pedir de novo',
  toFill: 'Fica pra você preencher',
  taken: 'Está no rascunho.',
  onCanvas: 'Proposta: nada mudou ainda',
  stale: 'O rascunho mudou, e a proposta não cabe mais nele.',
  conflict: {
    stepGone: '"{{step}}" saiu do desenho.',
    stepChanged: 'Alguém mexeu em "{{step}}".',
    edgeChanged: 'Alguém mudou o que vem depois de "{{step}}".',
  },
};
